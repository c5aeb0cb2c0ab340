
// Without this script the details are still there to be selected.
(() => {
  const button = document.getElementById("copy");
  const state = document.getElementById("copyState");
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const lines = [...document.querySelectorAll("#details dt")].map(
      (label) => `${label.textContent}: ${label.nextElementSibling.textContent}`);
    state.textContent = "";
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      state.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(document.getElementById("details"));
    }
  });
})();
