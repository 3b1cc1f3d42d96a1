// A file dropped on the form is the file that is handed in. Without this file it is chosen as usual.
(() => {
  "use strict";

  function takeDrops(form) {
    const input = form.querySelector("input[type=file]");
    form.querySelectorAll("[data-drop-hint]").forEach((hint) => { hint.hidden = false; });
    const over = (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("is-over", event.type !== "dragleave" && event.type !== "drop");
    };
    ["dragenter", "dragover", "dragleave"].forEach((name) => form.addEventListener(name, over));
    form.addEventListener("drop", (event) => {
      over(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.focus();
    });
  }

  document.querySelectorAll("form[data-drop]").forEach(takeDrops);
})();
