// The grid of the annual review: keys, paste, saving row by row, nothing lost when the line drops.
// Without this file the page is one form with a button; with it nobody needs the button.
(() => {
  "use strict";

  const form = document.getElementById("review-grid");
  const source = document.getElementById("review-data");
  if (!form || !source) return;
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const PREFIX = "review:";
  const STORE = `${PREFIX}${data.user}:${data.file}`;
  const POLL_MS = 20000;
  const LONGEST_WAIT_MS = 60000;
  const TIMEOUT_MS = 60000;

  const said = form.querySelector("[data-said]");
  const lineNote = document.querySelector("[data-line]");
  const rows = new Map();
  let stamp = data.stamp;
  let busy = false;
  let timer = 0;
  let wait = 2000;
  // "" (all is well), "line" (no connection), "ended" (session), or a sentence of the server.
  let trouble = "";
  let afterSaving = null;

  const fill = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const announce = (text) => { said.textContent = text; };

  // --- rows and their fields -------------------------------------------------------------

  class Row {
    constructor(tr) {
      this.tr = tr;
      this.key = tr.id;
      this.title = tr.querySelector("th").firstChild.textContent.trim();
      this.markField = form.elements[`${this.key}-mark`];
      this.fields = new Map();
      tr.querySelectorAll("select[name], input[name]:not([type=hidden], [type=checkbox])").forEach((field) => {
        this.fields.set(field.name.slice(this.key.length + 1), field);
      });
      this.saved = new Map([...this.fields].map(([name, field]) => [name, stored(field)]));
      this.sending = null;
      this.conflict = null;
      this.refused = new Map();
      // What was pasted and is no value of its field, with the sentence beside it.
      this.unmatched = new Map();
      this.own = this.fields.get("self_level")?.value;
      const state = tr.querySelector(".row-state");
      this.told = [state.className.replace("row-state is-", ""), state.textContent];
    }

    get mark() { return this.markField.value; }
    set mark(mark) { this.markField.value = mark; }

    // What differs from what the server has …
    get unsaved() {
      const found = new Map();
      for (const [name, field] of this.fields) if (field.value !== this.saved.get(name)) found.set(name, field.value);
      return found;
    }

    // … without what it has refused as it stands.
    get dirty() {
      return new Map([...this.unsaved].filter(([name, value]) => this.refused.get(name) !== value));
    }

    get isWaiting() { return !this.conflict && this.dirty.size > 0; }

    // Say what the server has told of the row last.
    sayTold() {
      if (this.unmatched.size) this.say("look", capital(words.look));
      else this.say(...this.told);
    }

    say(kind, text) {
      const place = this.tr.querySelector(".row-state");
      place.className = `row-state is-${kind}`;
      place.textContent = text;
    }
  }

  // A page that comes back after a refusal shows what was typed; the server has told what it holds.
  function stored(field) {
    if (field instanceof HTMLSelectElement) {
      const option = [...field.options].find((one) => one.defaultSelected);
      return option ? option.value : "";
    }
    return field.defaultValue;
  }

  form.querySelectorAll("tr[id]").forEach((tr) => {
    if (form.elements[`${tr.id}-mark`]) rows.set(tr.id, new Row(tr));
  });
  const rowOf = (element) => rows.get(element.closest("tr[id]")?.id);
  const nameOf = (field) => field.name.slice(field.name.indexOf("-") + 1);
  const labelOf = (row, name) => (name === "self_level" && row.key[0] === "p" ? data.labels.person_level : data.labels[name]);

  function show(field, value) {
    field.value = value;
    if ("level" in field.dataset) field.dataset.level = value;
    showFilled(rowOf(field));
  }

  function spoken(row, name, value) {
    if (value === "") return words.nothing;
    const field = row.fields.get(name);
    const text = field instanceof HTMLSelectElement
      ? [...field.options].find((option) => option.value === value)?.textContent || value
      : value;
    return text.split(" – ")[0];
  }

  // --- faults ----------------------------------------------------------------------------

  function setFault(row, name, sentence) {
    const field = row.fields.get(name);
    const id = `${row.key}-${name}-e`;
    let place = document.getElementById(id);
    if (!sentence) {
      place?.remove();
      field?.removeAttribute("aria-invalid");
      field?.removeAttribute("aria-describedby");
      return;
    }
    if (!place) {
      place = document.createElement("p");
      place.className = "field-error";
      place.id = id;
      (field || row.tr.querySelector("th").lastElementChild).after(place);
    }
    place.textContent = sentence;
    field?.setAttribute("aria-invalid", "true");
    unfold(field);
    field?.setAttribute("aria-describedby", id);
  }

  // A fault is never folded away.
  function unfold(field) {
    const fold = field?.closest("details");
    if (fold) fold.open = true;
  }

  // The folded part says how much is in it.
  function showFilled(row) {
    const place = row.tr.querySelector("[data-filled]");
    if (!place) return;
    const fold = place.closest("details");
    const count = [...row.fields.values()].filter((field) => fold.contains(field) && field.value !== "").length;
    place.textContent = count ? `(${count})` : "";
  }

  function showMarks(row, marks) {
    const list = row.tr.querySelector("[data-marks]");
    list.replaceChildren(...marks.map((mark) => {
      const line = document.createElement("li");
      line.textContent = mark;
      return line;
    }));
  }

  // --- what is kept on this machine ------------------------------------------------------

  // A browser without storage keeps nothing; saving goes on.
  function keep() {
    const waiting = {};
    for (const row of rows.values()) {
      const unsaved = row.unsaved;
      if (unsaved.size) waiting[row.key] = { mark: row.mark, values: Object.fromEntries(unsaved) };
    }
    try {
      if (Object.keys(waiting).length) localStorage.setItem(STORE, JSON.stringify(waiting));
      else localStorage.removeItem(STORE);
    } catch { /* full or forbidden */ }
  }

  function bringBack() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(STORE) || "null"); } catch { /* unreadable: nothing to bring back */ }
    if (!kept) return;
    let count = 0;
    for (const [key, one] of Object.entries(kept)) {
      const row = rows.get(key);
      if (!row) continue;
      let differs = false;
      for (const [name, value] of Object.entries(one.values)) {
        const field = row.fields.get(name);
        if (field && field.value !== value) { show(field, value); differs = true; }
      }
      if (!differs) continue;
      // The server compares with what the page had shown then: a colleague's change is noticed.
      row.mark = one.mark;
      row.say("kept", capital(words.kept));
      count += 1;
    }
    keep();
    if (count) {
      announce(fill(words.broughtBack, { n: count }));
      soon(0);
    }
  }

  const waitingRows = () => [...rows.values()].filter((row) => row.isWaiting);

  // --- saving ----------------------------------------------------------------------------

  function soon(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  function csrf() {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  async function ask(url, options = {}) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), TIMEOUT_MS);
    try {
      return await fetch(url, {
        ...options, redirect: "manual", credentials: "same-origin", signal: stop.signal,
        headers: { "X-Requested-With": "fetch", Accept: "application/json", ...options.headers },
      });
    } finally {
      clearTimeout(late);
    }
  }

  async function send() {
    if (busy) return;
    const waiting = waitingRows();
    if (!waiting.length) return;
    busy = true;
    const body = new URLSearchParams({ user: data.user });
    for (const row of waiting) {
      row.sending = row.dirty;
      body.append(`${row.key}-mark`, row.mark);
      row.sending.forEach((value, name) => body.append(`${row.key}-${name}`, value));
      row.say("saving", words.saving);
    }
    let answer = null;
    let problem = "";
    try {
      const response = await ask(data.save, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      if (response.ok && isJson) answer = await response.json();
      else if (response.status === 409 || (response.status === 403 && isJson)) problem = (await response.json()).message;
      else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) problem = "ended";
      else problem = "line";
    } catch {
      problem = "line";
    }
    busy = false;
    if (answer) {
      wait = 2000;
      setTrouble("");
      take(answer, waiting);
      keep();
      finish();
      return;
    }
    for (const row of waiting) {
      row.sending = null;
      row.say("kept", capital(words.kept));
    }
    keep();
    setTrouble(problem);
    afterSaving = null;
    if (problem === "line") {
      soon(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  function finish() {
    if (waitingRows().length) soon(0);
    else if (afterSaving && ![...rows.values()].some((row) => row.conflict)) {
      const go = afterSaving;
      afterSaving = null;
      go();
    }
  }

  function take(answer, sent) {
    for (const row of sent) {
      const told = answer.rows[row.key];
      if (told) settle(row, told);
      row.sending = null;
    }
    showShares(answer);
    const troubled = sent.filter((row) => row.conflict || row.refused.size);
    const names = (troubled.length ? troubled : sent).slice(0, 3).map((row) => row.title).join(", ");
    announce(troubled.length ? `${names}: ${words.look}` : sent.length > 3 ? words.allSaved : fill(words.savedRow, { row: names }));
  }

  // Put into a row what the server holds, but never over what is being typed.
  function settle(row, told) {
    const faults = told.faults || {};
    const sent = row.sending || new Map();
    row.refused.clear();
    row.fields.forEach((_field, name) => { if (!row.unmatched.has(name)) setFault(row, name, ""); });
    setFault(row, "", "");
    if (told.conflict) {
      showConflict(row, told);
      return;
    }
    row.mark = told.mark;
    const hasFaults = Object.keys(faults).length > 0;
    for (const [name, value] of Object.entries(told.values)) {
      const field = row.fields.get(name);
      if (!field) continue;
      const typed = field.value;
      const wasSent = sent.has(name) && sent.get(name) === typed;
      // What was changed back while it was on its way was touched.
      const untouched = !sent.has(name) && typed === row.saved.get(name);
      row.saved.set(name, value);
      if (wasSent && hasFaults && typed !== value) row.refused.set(name, typed);
      else if ((wasSent || untouched) && typed !== value) show(field, value);
    }
    row.own = row.fields.get("self_level")?.value;
    Object.entries(faults).forEach(([name, sentence]) => setFault(row, name, sentence));
    showMarks(row, told.marks || []);
    row.told = [told.is || "new", capital(told.words || "")];
    row.sayTold();
  }

  function showConflict(row, told) {
    row.tr.querySelector(".conflict")?.remove();
    row.conflict = told;
    const box = document.createElement("div");
    box.className = "conflict";
    box.tabIndex = -1;
    const head = document.createElement("p");
    head.className = "field-error";
    head.textContent = told.conflict;
    const list = document.createElement("ul");
    for (const [name, field] of row.fields) {
      if (field.value === told.values[name]) continue;
      const line = document.createElement("li");
      line.textContent = fill(words.choice, {
        field: labelOf(row, name), mine: spoken(row, name, field.value), theirs: spoken(row, name, told.values[name]),
      });
      list.append(line);
    }
    const mine = button(words.mine, () => settleConflict(row, told, true));
    const theirs = button(words.theirs, () => settleConflict(row, told, false));
    box.append(head, list, mine, theirs);
    row.tr.querySelector("th").append(box);
    row.say("look", capital(words.look));
  }

  function settleConflict(row, told, keepMine) {
    row.tr.querySelector(".conflict").remove();
    row.conflict = null;
    row.mark = told.mark;
    for (const [name, value] of Object.entries(told.values)) {
      const field = row.fields.get(name);
      if (!field) continue;
      // What I had not touched follows what is saved.
      if (!keepMine || field.value === row.saved.get(name)) show(field, value);
      row.saved.set(name, value);
    }
    row.own = row.fields.get("self_level")?.value;
    row.fields.values().next().value?.focus();
    keep();
    row.told = [told.is || "saved", capital(told.words || "")];
    row.sayTold();
    if (row.isWaiting) soon(0);
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm btn-outline-secondary";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function showShares(answer) {
    (answer.shares || []).forEach((line, number) => {
      const item = document.querySelector(`[data-share="${number}"]`);
      if (!item) return;
      item.querySelector("[data-share-text]").textContent = line.text;
      item.querySelector("[data-share-over]").hidden = !line.over;
    });
    if (answer.state) document.querySelector("[data-state]").textContent = capital(answer.state);
  }

  function setTrouble(problem) {
    if (trouble === problem && problem !== "line") return;
    trouble = problem;
    lineNote.hidden = !problem;
    if (!problem) {
      lineNote.replaceChildren();
      return;
    }
    const count = [...rows.values()].filter((row) => row.isWaiting).length;
    const text = document.createElement("span");
    if (problem === "line") text.textContent = fill(words.offline, { n: count });
    else if (problem === "ended") text.textContent = words.ended;
    else text.textContent = problem;
    const parts = [text];
    if (problem === "ended") {
      const link = document.createElement("a");
      link.href = `${data.signIn}?next=${encodeURIComponent(location.pathname)}`;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = words.signIn;
      parts.push(" ", link);
    }
    parts.push(button(words.sendAgain, () => { setTrouble(""); soon(0); }));
    if (problem !== "line" && problem !== "ended") parts.push(button(words.drop, discard));
    lineNote.replaceChildren(...parts);
  }

  function discard() {
    try { localStorage.removeItem(STORE); } catch { /* nothing was kept */ }
    rows.forEach((row) => row.fields.forEach((field, name) => show(field, row.saved.get(name))));
    location.reload();
  }

  // --- what others change ----------------------------------------------------------------

  async function poll() {
    if (document.hidden || busy || trouble === "ended") return;
    try {
      const response = await ask(`${data.changes}?since=${encodeURIComponent(stamp)}`);
      if (response.type === "opaqueredirect" || response.status === 401) { setTrouble("ended"); return; }
      if (!response.ok) return;
      const answer = await response.json();
      if (busy) return;
      stamp = answer.stamp;
      if (trouble === "line") { setTrouble(""); soon(0); }
      for (const [key, told] of Object.entries(answer.rows || {})) {
        const row = rows.get(key);
        // What is being typed is compared when it is sent: its row keeps the older mark.
        if (!row || row.mark === told.mark || row.conflict || row.isWaiting || isBeingTyped(row)) continue;
        settle(row, told);
        announce(fill(words.changedByOthers, { row: row.title }));
      }
      if (answer.rows) showShares(answer);
      if (answer.revision !== data.revision) showMoved();
    } catch { /* no line: the next save says so */ }
  }

  const isBeingTyped = (row) => row.tr.contains(document.activeElement) && row.dirty.size > 0;

  function showMoved() {
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = words.reload;
    lineNote.hidden = false;
    lineNote.replaceChildren(words.moved, " ", link);
  }

  // --- entering --------------------------------------------------------------------------

  function changed(field) {
    const row = rowOf(field);
    if (!row) return;
    const name = nameOf(field);
    if ("level" in field.dataset) {
      field.dataset.level = field.value;
      if (name === "self_level") followOwnLevel(row);
    }
    row.refused.delete(name);
    row.unmatched.delete(name);
    setFault(row, name, "");
    showFilled(row);
    keep();
    if (row.isWaiting) row.say(trouble ? "kept" : "saving", capital(trouble ? words.kept : words.saving));
    else if (!row.sending && !row.conflict) row.sayTold();
    if (trouble === "line") setTrouble("line");
    if (row.isWaiting) soon(field instanceof HTMLSelectElement ? 500 : 1200);
  }

  // As on the server: the proposal follows the own level until somebody proposes something else.
  function followOwnLevel(row) {
    const own = row.fields.get("self_level").value;
    const proposal = row.fields.get("proposed_level");
    if (proposal && (proposal.value === "" || proposal.value === row.own)) show(proposal, own);
    row.own = own;
  }

  form.addEventListener("input", (event) => changed(event.target));
  form.addEventListener("change", (event) => changed(event.target));
  // Whoever goes on to another row has finished this one.
  form.addEventListener("focusout", (event) => {
    const row = event.target.closest("tr[id]");
    if (row && !row.contains(event.relatedTarget) && rows.get(row.id)?.isWaiting && trouble !== "line") soon(50);
  });

  // --- keys ------------------------------------------------------------------------------

  const isShown = (field) => field.offsetParent !== null && !field.closest("details:not([open])");

  function move(field, down, right) {
    const row = field.closest("tr[id]");
    if (right) {
      const all = [...row.querySelectorAll("select, input:not([type=hidden], [type=checkbox])")].filter(isShown);
      go(all[all.indexOf(field) + right]);
      return;
    }
    const column = columnOf(field);
    go(column[column.indexOf(field) + down]);
  }

  function columnOf(field) {
    const name = nameOf(field);
    return [...field.closest("table").querySelectorAll(`[name$="-${name}"]`)].filter(isShown);
  }

  function toEdge(field, far) {
    go(columnOf(field).at(far < 0 ? 0 : -1));
  }

  function go(field) {
    if (!field) return;
    field.focus();
    if (field.select) field.select();
    field.dataset.entered = "yes";
  }

  // In a text the arrows belong to the text, until its end – or as long as nothing was done in it.
  function leavesText(field, key) {
    if (field instanceof HTMLSelectElement || field.dataset.entered) return true;
    if (field.selectionStart !== field.selectionEnd) return false;
    return key === "ArrowLeft" ? field.selectionStart === 0 : field.selectionStart === field.value.length;
  }

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!rowOf(field) || !field.name || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      // As in Excel: to the first and the last row of the column.
      const far = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (far) { event.preventDefault(); toEdge(field, far); }
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      move(field, event.shiftKey ? -1 : 1, 0);
      return;
    }
    const arrow = ARROWS[event.key];
    if (arrow && !event.shiftKey) {
      if (arrow[1] && !leavesText(field, event.key)) { delete field.dataset.entered; return; }
      event.preventDefault();
      move(field, ...arrow);
      return;
    }
    if (event.key !== "Tab" && event.key !== "Shift") delete field.dataset.entered;
    if (field instanceof HTMLSelectElement) setByKey(event, field);
  });
  form.addEventListener("pointerdown", (event) => { if (event.target.dataset) delete event.target.dataset.entered; });

  function setByKey(event, field) {
    let value;
    if (event.key === "Delete" || event.key === "Backspace") value = "";
    else if ("level" in field.dataset) value = data.levels[Number(event.key) - 1]?.value ?? data.letters[event.key.toLowerCase()];
    if (value === undefined) return;
    event.preventDefault();
    if (field.value === value) return;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // --- paste -----------------------------------------------------------------------------

  // Excel quotes a cell that holds a line break, a tab or a quotation mark.
  function blockOf(text) {
    const lines = [[""]];
    let quoted = false;
    const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let at = 0; at < plain.length; at += 1) {
      const sign = plain[at];
      const line = lines[lines.length - 1];
      if (quoted) {
        if (sign === "\"" && plain[at + 1] === "\"") { line[line.length - 1] += sign; at += 1; }
        else if (sign === "\"") quoted = false;
        else line[line.length - 1] += sign === "\n" ? " " : sign;
      } else if (sign === "\"" && line[line.length - 1] === "") quoted = true;
      else if (sign === "\t") line.push("");
      else if (sign === "\n") lines.push([""]);
      else line[line.length - 1] += sign;
    }
    return lines;
  }

  // As sheets.text.fold does for what names of levels can hold.
  function folded(text) {
    return text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d")
      .replace(/[^a-z0-9]+/g, " ").trim();
  }

  document.addEventListener("paste", (event) => {
    const field = document.activeElement;
    const first = field && form.contains(field) && field.name ? rowOf(field) : null;
    if (!first) return;
    const text = event.clipboardData?.getData("text/plain") || "";
    const isBlock = /[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""));
    if (!text || (!isBlock && !(field instanceof HTMLSelectElement))) return;
    event.preventDefault();
    const grid = field.closest("table");
    const below = [...rows.values()].filter((row) => row.tr.closest("table") === grid);
    // The note follows the reason, as in the workbook, even where it is folded away.
    const columns = [...first.fields.keys()].filter((name) => name === "note" || isShown(first.fields.get(name)));
    const lines = blockOf(text);
    const from = below.indexOf(first);
    const left = columns.indexOf(nameOf(field));
    let count = 0;
    lines.slice(0, below.length - from).forEach((line, down) => {
      line.slice(0, columns.length - left).forEach((value, right) => {
        if (put(below[from + down], columns[left + right], value.trim())) count += 1;
      });
      const row = below[from + down];
      if (row.isWaiting) row.say("saving", words.saving);
      else row.sayTold();
    });
    keep();
    soon(0);
    const done = fill(words.pasted, { cells: count, rows: Math.min(lines.length, below.length - from) });
    const over = lines.length - (below.length - from);
    announce(over > 0 ? `${done} ${fill(words.pastedTooMany, { n: over })}` : done);
  });

  // Set one field; what does not match is marked, and stays as it was.
  function put(row, name, text) {
    const field = row.fields.get(name);
    if (!field) return false;
    let value = text;
    if (field instanceof HTMLSelectElement) {
      const chosen = () => optionOf(field, text) ?? data.answers?.[name]?.[folded(text)];
      value = text === "" ? "" : "level" in field.dataset ? data.names[folded(text)] : chosen();
      if (value === undefined) {
        const isLevel = "level" in field.dataset;
        const sentence = !isLevel ? words.notAChoice : data.vague.includes(folded(text)) ? words.vagueLevel : words.notALevel;
        row.unmatched.set(name, fill(sentence, { value: text }));
        setFault(row, name, row.unmatched.get(name));
        return false;
      }
    }
    row.refused.delete(name);
    row.unmatched.delete(name);
    setFault(row, name, "");
    if (field.value === value) return true;
    show(field, value);
    if (name === "self_level") followOwnLevel(row);
    return true;
  }

  const optionOf = (field, text) => [...field.options].find((option) => folded(option.textContent) === folded(text))?.value;

  // --- leaving ---------------------------------------------------------------------------

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (waitingRows().length) { setTrouble(""); soon(0); }
    else announce(words.allSaved);
  });

  // A step is taken on what is saved: first the rows, then the step.
  document.querySelectorAll("form[data-after-saving]").forEach((other) => {
    other.addEventListener("submit", (event) => {
      if (!busy && !waitingRows().length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      announce(words.waiting);
      const pressed = event.submitter;
      afterSaving = () => other.requestSubmit(pressed);
      soon(0);
    }, { capture: true });
  });

  addEventListener("beforeunload", (event) => {
    if (waitingRows().length || busy) event.preventDefault();
  });
  addEventListener("online", () => { wait = 2000; soon(0); });
  addEventListener("offline", () => { if (waitingRows().length) setTrouble("line"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { soon(0); poll(); } });
  // Back from signing in in another window: what waits is sent again.
  addEventListener("focus", () => { if (trouble === "ended" && waitingRows().length) soon(0); });

  document.querySelectorAll("[data-with-script]").forEach((element) => { element.hidden = false; });
  bringBack();
  setInterval(poll, POLL_MS);
})();
