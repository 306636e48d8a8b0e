// The roll counts aloud, narrows by name, and survives a lost line: what was marked waits in this window's session
// storage (a shared telephone keeps nothing once the tab is closed) and is sent once the line is back. The form carries
// its own key, so that what arrives twice is entered once. Without this script it is an ordinary form.
const FIRST_WAIT = 3000;
const LONGEST_WAIT = 60000;
const form = document.getElementById("roll");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

function count() {
  const members = [...form.querySelectorAll("input[data-member]")];
  const present = members.filter((box) => box.checked).length;
  for (const place of form.querySelectorAll("[data-roll-present]")) place.textContent = present;
  for (const place of form.querySelectorAll("[data-roll-away]")) place.textContent = members.length - present;
}

class Sender {
  constructor() {
    this.key = `roll:${form.action}:${form.elements.namedItem("unit")?.value ?? ""}`;
    this.state = form.querySelector("[data-roll-state]");
    this.wait = FIRST_WAIT;
    this.restore();
    form.addEventListener("change", () => this.keep());
    form.addEventListener("input", () => this.keep());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    window.addEventListener("online", () => { if (this.isWaiting) this.send(); });
  }

  body() {
    return new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  }

  keep() {
    const body = this.body();
    body.delete("csrfmiddlewaretoken");
    try { sessionStorage.setItem(this.key, body.toString()); } catch { /* storage full or forbidden: the page still holds it */ }
  }

  forget() {
    try { sessionStorage.removeItem(this.key); } catch { /* nothing was kept */ }
  }

  restore() {
    // A page that answers a sending says itself what is to be done.
    if (document.querySelector(".errors, .roll-asked")) return this.forget();
    let kept = null;
    try { kept = sessionStorage.getItem(this.key); } catch { return; }
    if (!kept) return;
    const said = new URLSearchParams(kept);
    for (const place of said.getAll("place")) {
      const here = form.elements.namedItem(`here-${place}`);
      if (!here) continue;
      here.checked = said.has(`here-${place}`);
      for (const radio of form.querySelectorAll(`input[name="what-${place}"]`)) radio.checked = radio.value === said.get(`what-${place}`);
      const why = form.elements.namedItem(`why-${place}`);
      if (why) why.value = said.get(`why-${place}`) ?? "";
    }
    // What was marked was marked on what that page showed: changes made since must be asked about, not overwritten.
    for (const name of ["seen", "sending", "told_by"]) {
      const input = form.elements.namedItem(name);
      if (input && said.has(name)) input.value = said.get(name);
    }
    this.show("restored");
  }

  async send() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.keep();
    this.show("sending");
    clearTimeout(this.timer);
    try {
      const answer = await fetch(form.action, { method: "POST", body: this.body(), headers: { Accept: "application/json", "X-Roll": "1" } });
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      if (answer.ok && isJson) {
        const { address } = await answer.json();
        this.forget();
        location.assign(address);
        return;
      }
      if (answer.status < 500) {
        // The line is there; the answer is a page: get it the ordinary way. Marks saved already are not entered twice.
        form.submit();
        return;
      }
    } catch { /* no line */ }
    this.isBusy = false;
    this.later();
  }

  later() {
    this.isWaiting = true;
    this.show("waiting");
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  show(state) {
    this.state.textContent = this.state.dataset[state] ?? "";
  }
}

if (form) {
  new Sender();
  form.addEventListener("change", count);
  form.querySelector("[data-roll-all]")?.addEventListener("click", () => {
    for (const box of form.querySelectorAll("input[data-member]")) box.checked = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.querySelector("[data-roll-find]")?.addEventListener("input", (event) => {
    const wanted = fold(event.target.value.trim());
    for (const row of form.querySelectorAll("[data-name]")) row.hidden = !fold(row.dataset.name).includes(wanted);
    event.stopPropagation();
  });
  count();
}
