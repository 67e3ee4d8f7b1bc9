// The panel "Vollständigkeit" is renewed after each autosave.
document.addEventListener("w-autosave:success", async (event) => {
  const panel = document.querySelector("[data-completeness]");
  const page = event.detail?.data?.pk;
  if (!panel || !page) return;
  const answer = await fetch(panel.dataset.completeness.replace("/0/", `/${page}/`));
  if (!answer.ok) return;
  const isOpen = panel.querySelector("details")?.open;
  panel.innerHTML = await answer.text();
  if (isOpen) panel.querySelector("details")?.setAttribute("open", "");
});
