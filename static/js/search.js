// Enhancement of the search page: readers keep their place while htmx swaps #auswahl. Load with <script type="module">.
const announcement = document.getElementById("ansage");
let place = null;

// Where the reader is: an element that has an id is there again after the swap.
function remember(trigger) {
  const focused = document.activeElement;
  const source = focused === document.body ? trigger?.closest("a, input") : focused;
  const selection = document.getElementById("auswahl");
  return {
    outside: Boolean(source) && !selection.contains(source),
    id: source?.id,
    top: source?.getBoundingClientRect().top,
    typed: source?.type === "text" ? source.value : null,
    open: Array.from(selection.querySelectorAll("details"), ({ id, open }) => [id, open]),
  };
}

function reveal(element) {
  for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}

function restore({ outside, id, top, typed, open }) {
  const heading = document.getElementById("treffer");
  const source = id && document.getElementById(id);
  for (const [details, wasOpen] of open) {
    const box = document.getElementById(details);
    if (box && (source || outside || details !== "filterbereich")) box.open = wasOpen;
  }
  if (!outside && !source) {
    heading.focus({ preventScroll: true });
    const { top: edge, bottom } = heading.getBoundingClientRect();
    if (edge < 0 || bottom > innerHeight / 2) heading.scrollIntoView({ behavior: "instant" });
    return;
  }
  announcement.textContent = heading.textContent;
  if (outside) return;
  if (typed !== null) source.value = typed;
  if (!source.checkVisibility?.()) reveal(source);
  source.focus({ preventScroll: true });
  scrollBy({ top: source.getBoundingClientRect().top - top, behavior: "instant" });
}

// What can not be swapped is opened as a page of its own.
const follow = ({ pathInfo }) => location.assign(pathInfo.finalRequestPath);

document.addEventListener("htmx:configRequest", ({ detail: { formData } }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

document.addEventListener("htmx:beforeRequest", () => {
  announcement.textContent = "";
  document.getElementById("ergebnis").setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.shouldSwap) return;
  if (detail.xhr.responseText.includes('id="auswahl"')) {
    place = remember(detail.requestConfig.triggeringEvent?.target);
  } else {
    detail.shouldSwap = false;
    follow(detail);
  }
});

document.addEventListener("htmx:afterSwap", () => {
  if (place) restore(place);
  place = null;
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) {
  document.addEventListener(failure, ({ detail }) => follow(detail));
}
