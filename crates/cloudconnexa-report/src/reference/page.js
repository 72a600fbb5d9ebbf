"use strict";
{
  const form = document.getElementById("search");
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const nothing = document.getElementById("nothing");
  const lower = (element) => element.textContent.toLowerCase();
  const sections = [...document.querySelectorAll("section")].map((element) => ({
    element,
    // The heading and what is said of the event as a whole.
    intro: [...element.querySelectorAll(":scope > h2, :scope > p")].map(lower).join(" "),
    rows: [...element.querySelectorAll("tbody tr")].map((row) => ({ row, text: lower(row) })),
  }));

  const highlight = (words) => {
    if (!CSS.highlights) return;
    CSS.highlights.clear();
    const ranges = [];
    for (const { rows } of words.length ? sections : []) {
      for (const { row } of rows) {
        if (row.hidden) continue;
        const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const text = node.data.toLowerCase();
          for (const word of words) {
            for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
              const range = new Range();
              range.setStart(node, at);
              range.setEnd(node, at + word.length);
              ranges.push(range);
            }
          }
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  };

  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => words.every((word) => text.includes(word));
    let found = 0;
    let shown = 0;
    for (const { element, intro, rows } of sections) {
      const matching = rows.filter(({ text }) => has(text));
      // An event that matches as a whole is shown with all its fields.
      const whole = matching.length === 0 && has(intro);
      for (const { row, text } of rows) row.hidden = !(whole || has(text));
      element.hidden = !(whole || matching.length > 0);
      found += matching.length;
      shown += element.hidden ? 0 : 1;
    }
    const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
    const summary = found > 0 ? counted(found, "row") : counted(shown, "event");
    output.value = words.length === 0 ? "" : summary;
    nothing.hidden = shown > 0;
    highlight(words);
  };

  const remember = () => {
    const url = new URL(location.href);
    if (input.value) url.searchParams.set("q", input.value);
    else url.searchParams.delete("q");
    try {
      history.replaceState(null, "", url);
    } catch {
      // Some browsers do not allow it for local files; the search works without.
    }
  };

  const clear = () => {
    input.value = "";
    search();
    remember();
  };

  // A link to a row that the search hides shows all rows again.
  const reveal = () => {
    // Names of events and fields need no escapes.
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest("[hidden]")) {
      clear();
      target.scrollIntoView();
    }
  };

  input.addEventListener("input", () => {
    search();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", reveal);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.select();
    } else if (event.key === "Escape" && document.activeElement === input) {
      clear();
    }
  });

  form.hidden = false;
  input.value = new URL(location.href).searchParams.get("q") ?? "";
  if (input.value) {
    search();
    reveal();
  }
}
