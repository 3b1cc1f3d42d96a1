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

  // A browser set to English shows 05/12 for 12 May: the day is said again, in words nobody mistakes.
  function sayDay(input) {
    const written = new Intl.DateTimeFormat("vi", {
      weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC",
    });
    const line = document.createElement("span");
    line.className = "day-said";
    const say = () => { line.textContent = input.valueAsDate ? written.format(input.valueAsDate) : ""; };
    input.addEventListener("input", say);
    addEventListener("pageshow", say);
    input.after(line);
    say();
  }

  // After a refusal the cursor stands where something is to be mended: at the first fault of the page,
  // be it one field or several that are faulty together.
  function goToError() {
    const whole = document.querySelector("main form [role=alert]");
    if (whole) whole.tabIndex = -1;
    (whole || document.querySelector("main [aria-invalid=true], main [data-faulty] input"))?.focus();
  }

  // A session may end while a form is filled in. What was sent waits in this tab until the next
  // sign-in and not a page longer; "seen" waits with it, so a colleague's change is still noticed.
  function keepDraft(form) {
    form.addEventListener("submit", () => {
      const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      sessionStorage.setItem("draft", JSON.stringify({ path: location.pathname, fields }));
    });
  }

  function bringBackDraft() {
    const draft = JSON.parse(sessionStorage.getItem("draft") || "null");
    const kept = document.querySelector("[data-draft-kept]");
    if (kept) {
      kept.hidden = !draft;
      return;
    }
    sessionStorage.removeItem("draft");
    const form = document.querySelector("form[data-draft]");
    const said = document.querySelector("[data-draft-back]");
    // With or without the second step: both stand below the address of signing in and out.
    const fromSignIn = document.referrer.startsWith(`${location.origin}/tai-khoan/`);
    if (!draft || !form || !fromSignIn || draft.path !== location.pathname) return;
    draft.fields.forEach(([name, value]) => {
      const field = form.elements.namedItem(name);
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    });
    said.hidden = false;
  }

  // data-sign-out="17": what the review and the log of visits kept on this machine goes with whoever signs
  // out, for an office shares its computer.
  function forgetAtSignOut(form) {
    form.addEventListener("submit", () => {
      const own = [`review:${form.dataset.signOut}:`, `visit:${form.dataset.signOut}:`];
      const isOwn = (key) => own.some((start) => key.startsWith(start));
      Object.keys(localStorage).filter(isOwn).forEach((key) => localStorage.removeItem(key));
    });
  }

  document.querySelectorAll("form[data-sign-out]").forEach(forgetAtSignOut);
  document.querySelectorAll("th[data-sort]").forEach(makeSortable);
  document.querySelectorAll("form[data-draft]").forEach(keepDraft);
  bringBackDraft();
  document.querySelectorAll("main input[type=date]").forEach(sayDay);
  goToError();
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
