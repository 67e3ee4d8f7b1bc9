// Enhancements only: every page works without this file. Load with <script type="module">.
const seconds = (link) => Number(link.dataset.seek);

// Chapter and minute links move the player on this page instead of reloading it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-seek]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const video = document.getElementById(link.dataset.video || "video");
  if (!(video instanceof HTMLVideoElement) || !Number.isFinite(seconds(link))) return;
  event.preventDefault();
  video.currentTime = seconds(link);
  video.focus();
  video.play().catch(() => {});
  history.replaceState(null, "", link.href);
});

// A page opened at ?t=<seconds> or #t=<seconds> starts there.
const start = new URLSearchParams(location.search).get("t") || (location.hash.match(/^#t=(\d+)/) || [])[1];
const player = document.getElementById("video");
if (player instanceof HTMLVideoElement && /^\d+$/.test(start || "")) {
  const seek = () => { player.currentTime = Number(start); };
  if (player.readyState > 0) seek(); else player.addEventListener("loadedmetadata", seek, { once: true });
}

// "Zitieren": the button is hidden in the markup and appears only where copying works.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      const status = document.getElementById(`${button.dataset.copy}-status`);
      try {
        await navigator.clipboard.writeText(source.textContent.trim().replace(/\s+/g, " "));
        status.textContent = button.dataset.done;
      } catch {
        status.textContent = button.dataset.failed;
      }
    });
  }
}
