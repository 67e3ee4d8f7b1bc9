// What was typed into a field for a date stays: Wagtail's picker would put today in place of whatever it can not read, and the
// form would be saved with it. The server says what is wrong with it.
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
