// Never loses a word. A form with data-autosave="<address>" is posted there a moment after each change:
// the server answers 2xx when it has kept it. While it has not, the text waits in this tab's session storage
// (a shared telephone keeps nothing once the tab is closed) and is sent again when the line returns.
// An element with data-saved-state inside the form shows the state; its words come from its data attributes
// (data-saving, data-kept, data-waiting). The form may carry an input named "version": the answer's JSON
// {"version": n} renews it, so that two windows cannot overwrite each other; 409 stops saving and says so (data-conflict):
// after a reload the other window's text is in the form, and what was typed here stands below it (data-mine), to copy from.
const QUIET = 1200;
const LONGEST = 60000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.key = `autosave:${this.url}`;
    this.delay = QUIET;
    this.timer = 0;
    this.busy = false;
    this.stopped = false;
    this.sent = this.text();
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.forget());
    window.addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
    window.addEventListener("beforeunload", (event) => { if (this.text() !== this.sent && !this.stopped && !this.gone) event.preventDefault(); });
  }

  body() {
    return new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string"));
  }

  text() {
    const body = this.body();
    body.delete("csrfmiddlewaretoken");
    body.delete("version");
    return body.toString();
  }

  changed() {
    if (this.stopped || this.text() === this.sent) return;
    this.keep();
    this.show("saving");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), QUIET);
  }

  keep() {
    try { sessionStorage.setItem(this.key, this.text()); } catch { /* storage full or forbidden: the page still holds it */ }
  }

  forget() {
    this.gone = true;
    clearTimeout(this.timer);
    try { sessionStorage.removeItem(this.key); } catch { /* nothing was kept */ }
  }

  restore() {
    let kept = null;
    try { kept = sessionStorage.getItem(this.key); } catch { return; }
    if (!kept || kept === this.sent) return;
    if (this.hasConflict()) {
      this.offer(kept);
      return;
    }
    for (const [name, value] of new URLSearchParams(kept)) {
      const input = this.form.elements.namedItem(name);
      if (input && "value" in input && !["checkbox", "radio", "hidden"].includes(input.type)) input.value = value;
    }
    this.show("waiting");
    this.send();
  }

  hasConflict() {
    return sessionStorage.getItem(`${this.key}:conflict`) !== null;
  }

  offer(kept) {
    const words = [...new URLSearchParams(kept)].map(([, value]) => value).filter(Boolean).join("\n\n");
    const box = document.createElement("details");
    const heading = document.createElement("summary");
    const text = document.createElement("p");
    box.open = true;
    box.className = "panel";
    heading.textContent = this.form.querySelector("[data-saved-state]")?.dataset.mine ?? "";
    text.className = "verbatim";
    text.textContent = words;
    box.append(heading, text);
    this.form.append(box);
    sessionStorage.removeItem(this.key);
    sessionStorage.removeItem(`${this.key}:conflict`);
  }

  async send() {
    const text = this.text();
    if (this.busy || this.stopped || this.gone || text === this.sent) return;
    this.busy = true;
    this.show("saving");
    try {
      const answer = await fetch(this.url, { method: "POST", body: this.body(), headers: { Accept: "application/json", "X-Autosave": "1" }, redirect: "error" });
      if (answer.status === 409) {
        this.stopped = true;
        this.keep();
        try { sessionStorage.setItem(`${this.key}:conflict`, "1"); } catch { /* the page still holds it */ }
        this.show("conflict");
      } else if (answer.ok) {
        const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
        const version = this.form.elements.namedItem("version");
        if (version && told.version !== undefined) version.value = told.version;
        this.sent = text;
        this.delay = QUIET;
        if (this.text() === text) {
          try { sessionStorage.removeItem(this.key); } catch { /* nothing was kept */ }
          this.show("kept");
        }
      } else {
        this.later();
      }
    } catch {
      this.later();
    } finally {
      this.busy = false;
    }
    if (this.text() !== this.sent && !this.stopped && this.delay === QUIET) this.timer = setTimeout(() => this.send(), QUIET);
  }

  later() {
    this.keep();
    this.show("waiting");
    this.delay = Math.min(this.delay * 2, LONGEST);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.delay);
  }

  leave() {
    if (this.gone || this.stopped || this.text() === this.sent) return;
    this.keep();
    this.send();
  }

  show(state) {
    const place = this.form.querySelector("[data-saved-state]");
    if (!place || place.dataset.state === state) return;
    place.dataset.state = state;
    place.dataset.saved = { kept: "yes", waiting: "no", conflict: "no" }[state] ?? "";
    place.textContent = place.dataset[state] ?? "";
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
