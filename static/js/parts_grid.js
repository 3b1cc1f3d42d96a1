// The grid of parts: the sum and the totals follow what is typed.
// Without this file they are those of the page as it was served.
(() => {
  "use strict";

  const form = document.getElementById("parts-grid");
  const source = document.getElementById("parts-sum");
  if (!form || !source) return;
  const data = JSON.parse(source.textContent);
  const said = form.querySelector("[data-said]");

  const shown = (number) => number.toLocaleString("vi-VN");
  const fill = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const numberIn = (field) => (/^\s*\d+\s*$/.test(field.value) ? Number(field.value) : 0);
  const sumOf = (prefix) => [...form.querySelectorAll(`td input[name^="${prefix}"]`)].reduce((sum, field) => sum + numberIn(field), 0);

  let told = data.parts;

  function tell() {
    form.querySelectorAll("[data-total]").forEach((place) => { place.textContent = shown(sumOf(place.dataset.total)); });
    const parts = sumOf(data.prefix);
    if (parts === told) return;
    told = parts;
    const difference = parts - data.whole;
    const state = difference === 0 ? "fits" : difference < 0 ? "short" : "over";
    const values = { parts: shown(parts), whole: shown(data.whole), count: shown(Math.abs(difference)) };
    said.textContent = `${fill(data.sentences[state], values)} ${data.unsaved}`;
    said.parentElement.classList.toggle("is-off", difference !== 0);
  }

  form.querySelectorAll("[data-without-script]").forEach((element) => { element.hidden = true; });
  form.addEventListener("input", tell);
  // What was typed before the line dropped stands in its fields again.
  tell();
})();
