// Small comforts. Every page does its work without this file.
(() => {
  "use strict";

  // data-copy-target="#id": copies the text of that element and says so in the button.
  function copyText(button) {
    const source = document.querySelector(button.dataset.copyTarget);
    if (!source) return;
    const said = button.textContent;
    navigator.clipboard.writeText(source.innerText.trim()).then(() => {
      button.textContent = button.dataset.copied || "✓";
      setTimeout(() => { button.textContent = said; }, 2000);
    }, () => {
      // No right to the clipboard: the text is marked, so that Ctrl+C copies it.
      getSelection().selectAllChildren(source);
    });
  }

  // "1.542" and "90,8%" are numbers; "–" is nothing, which stands last.
  function numberOf(text) {
    const plain = text.replace(/\./g, "").replace(",", ".").replace(/[^0-9.\-].*$/, "");
    return plain === "" ? NaN : Number(plain);
  }

  // "07/03/2022" becomes "20220307".
  function dayOf(text) {
    const parts = text.match(/(\d{1,2})\/(\d{1,2})\/(\d{4})/);
    return parts ? Number(parts[3] + parts[2].padStart(2, "0") + parts[1].padStart(2, "0")) : NaN;
  }

  const words = new Intl.Collator("vi", { numeric: true });

  function compare(kind, left, right) {
    if (kind === "text") return words.compare(left, right);
    const read = kind === "date" ? dayOf : numberOf;
    return read(left) - read(right);
  }

  function isMissing(kind, text) {
    if (kind === "text") return text === "";
    return Number.isNaN(kind === "date" ? dayOf(text) : numberOf(text));
  }

  function sortTable(header) {
    const table = header.closest("table");
    const body = table.tBodies[0];
    const kind = header.dataset.sort || "text";
    const column = [...header.parentNode.children].indexOf(header);
    const falling = header.getAttribute("aria-sort") === "ascending";
    const textOf = (row) => (row.cells[column]?.dataset.value ?? row.cells[column]?.innerText ?? "").trim();
    const rows = [...body.rows].filter((row) => !row.classList.contains("total"));
    const totals = [...body.rows].filter((row) => row.classList.contains("total"));

    rows.sort((a, b) => {
      const [left, right] = [textOf(a), textOf(b)];
      const missing = isMissing(kind, left) - isMissing(kind, right);
      if (missing || (isMissing(kind, left) && isMissing(kind, right))) return missing;
      return (falling ? -1 : 1) * compare(kind, left, right);
    });
    body.append(...rows, ...totals);
    table.querySelectorAll("th[data-sort]").forEach((th) => th.setAttribute("aria-sort", "none"));
    header.setAttribute("aria-sort", falling ? "descending" : "ascending");
  }

  // The word of the header becomes a button, so that the keyboard reaches it.
  function makeSortable(header) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    header.setAttribute("aria-sort", header.getAttribute("aria-sort") || "none");
    button.addEventListener("click", () => sortTable(header));
  }

  // A second click must not send a form again; coming back with the browser's button frees it.
  function guardForm(form) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
    addEventListener("pageshow", () => { delete form.dataset.sent; });
  }

  document.querySelectorAll("th[data-sort]").forEach(makeSortable);
  document.querySelectorAll("form[data-once]").forEach(guardForm);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-target], [data-print]");
    if (button?.dataset.copyTarget) copyText(button);
    else if (button) print();
    document.querySelectorAll("details.account[open]").forEach((account) => {
      if (!account.contains(event.target)) account.open = false;
    });
  });
})();
