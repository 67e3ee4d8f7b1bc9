// Suggestions below the search box: a combobox with list autocomplete and manual selection, as in the ARIA Authoring
// Practices. Without this file, or when nothing can be fetched, the search box is a plain input. Load with type="module".
const KINDS = { praxis: "Praxis", thema: "Thema", organisation: "Organisation", schlagwort: "Schlagwort", suche: "Suche" };
const MINIMUM = 2;
const PAUSE = 150;

for (const input of document.querySelectorAll("input[data-suggestions]")) offerSuggestions(input);

function offerSuggestions(input) {
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}-vorschlaege`, className: "th-suggestions", hidden: true });
  const status = Object.assign(document.createElement("p"), { className: "kern-sr-only" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Vorschläge");
  status.setAttribute("role", "status");
  input.after(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer;
  let request;
  let active = -1;
  const options = () => list.children;
  const isOpen = () => !list.hidden;

  function choose(index) {
    options()[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options()[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    choose(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
  }

  function show(suggestions) {
    choose(-1);
    list.replaceChildren(...suggestions.map(({ kind, label, url }, index) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${index + 1}` });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = url;
      const name = Object.assign(document.createElement("span"), { textContent: label });
      const note = Object.assign(document.createElement("span"), { className: "th-suggestions__kind", textContent: KINDS[kind] ?? "" });
      option.append(name, " ", note);
      return option;
    }));
    if (!suggestions.length) {
      close();
      status.textContent = "Keine Vorschläge";
      return;
    }
    open();
    status.textContent = suggestions.length === 1 ? "1 Vorschlag" : `${suggestions.length} Vorschläge`;
  }

  async function suggest() {
    request = new AbortController();
    const { signal } = request;
    try {
      const response = await fetch(`${input.dataset.suggestions}?q=${encodeURIComponent(input.value.trim())}`, { signal });
      if (!response.ok) throw new Error(response.statusText);
      const { suggestions } = await response.json();
      if (!signal.aborted && document.activeElement === input) show(suggestions);
    } catch {
      if (signal.aborted) return;
      list.replaceChildren();
      close();
    }
  }

  function follow(option) {
    close();
    location.assign(option.dataset.url);
  }

  function move(step) {
    const count = options().length;
    if (!count || input.value.trim().length < MINIMUM) return;
    open();
    // Beyond both ends lies the input itself.
    choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    request?.abort();
    choose(-1);
    if (input.value.trim().length >= MINIMUM) {
      timer = setTimeout(suggest, PAUSE);
    } else {
      list.replaceChildren();
      close();
    }
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const chosen = options()[active];
    if (event.key === "ArrowDown" && event.altKey) {
      if (options().length) open();
    } else if (event.key === "ArrowUp" && event.altKey) {
      close();
    } else if (event.key === "ArrowDown") {
      move(1);
    } else if (event.key === "ArrowUp") {
      move(-1);
    } else if (event.key === "Home" && chosen) {
      choose(0);
    } else if (event.key === "End" && chosen) {
      choose(options().length - 1);
    } else if (event.key === "Enter" && chosen) {
      follow(chosen);
    } else if (event.key === "Escape" && isOpen()) {
      close();
    } else {
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") choose(-1);
      return;
    }
    event.preventDefault();
  });

  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  // The focus stays in the input while the pointer is on the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) follow(option);
  });
}
