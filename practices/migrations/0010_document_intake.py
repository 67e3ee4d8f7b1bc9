import practices.media.document_fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practices', '0009_recording_intake'),
    ]

    operations = [
        migrations.AddField(
            model_name='crediteddocument',
            name='hidden_content',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AddField(
            model_name='crediteddocument',
            name='intake',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='crediteddocument',
            name='refusal',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AlterField(
            model_name='crediteddocument',
            name='file',
            field=practices.media.document_fields.DocumentField(upload_to='documents', verbose_name='Datei'),
        ),
    ]
