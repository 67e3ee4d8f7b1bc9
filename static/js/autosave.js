// Wagtail 8.0 stops watching a form that came back with mistakes, once it has saved it by itself (w-unsaved starts no interval
// while it is forced). A changed interval starts it again, so that what is typed from then on is saved too.
document.addEventListener("w-autosave:success", ({ target }) => {
  target.dataset.wUnsavedCheckIntervalValue ??= "501";
});
