"""Tell django-allauth the addresses of the accounts there are."""

from django.db import migrations


def list_addresses(apps, schema_editor):
    """Give each account its address, verified where no older account has the same."""
    user_model = apps.get_model("auth", "User")
    address_model = apps.get_model("account", "EmailAddress")
    taken = set()
    for user in user_model.objects.exclude(email="").order_by("pk"):
        email = user.email.lower()
        address_model.objects.create(user=user, email=email, primary=True, verified=email not in taken)
        taken.add(email)


class Migration(migrations.Migration):

    dependencies = [
        ("editing", "0004_review"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(list_addresses, migrations.RunPython.noop)]
