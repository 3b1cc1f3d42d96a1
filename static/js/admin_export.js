// One box that ticks and clears all columns of an export. Without this file every box is ticked by hand.
(() => {
  "use strict";
  const all = document.querySelector("[data-select-all]");
  if (!all) return;
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    document.querySelectorAll('.selectable-field-export-row input[type="checkbox"]').forEach((box) => {
      box.checked = all.checked;
    });
  });
})();
