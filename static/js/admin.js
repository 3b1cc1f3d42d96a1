// Gives the search boxes of the admin (Select2) the name of their field, which they lack for screen readers.
(() => {
  "use strict";

  function nameOf(select) {
    const label = select.labels && select.labels[0];
    return select.getAttribute("aria-label") || (label ? label.textContent.trim().replace(/:$/, "") : select.name);
  }

  function setName(part, name) {
    part.removeAttribute("aria-labelledby");
    part.setAttribute("aria-label", name);
  }

  function nameBoxes() {
    document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
      const box = select.nextElementSibling;
      if (!box || !box.classList.contains("select2")) return;
      const parts = [...box.querySelectorAll('[role="combobox"], [role="textbox"], .select2-search__field')];
      // The list that drops down hangs at the end of the page.
      if (box.classList.contains("select2-container--open")) {
        parts.push(...document.querySelectorAll("body > .select2-container .select2-search__field"));
      }
      parts.forEach((part) => setName(part, nameOf(select)));
    });
  }

  // Select2 dresses fields when the page is ready, when a row is added and when a list opens.
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
  nameBoxes();
})();
