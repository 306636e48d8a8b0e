// Between htmx and the kit: the CSRF token, faults that came back, and a line that is gone.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  if (token) event.detail.headers["X-CSRFToken"] = decodeURIComponent(token[1]);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const wrong = event.target.querySelector?.("[data-focus]");
  if (wrong) wrong.focus();
});

// What htmx could not do, the browser does: the form or link is sent whole, and the answer is a page that explains.
function fallBack(event) {
  const source = event.detail.elt;
  const form = source.closest("form");
  if (form && event.detail.requestConfig?.verb !== "get") {
    form.removeAttribute("hx-post");
    HTMLFormElement.prototype.submit.call(form);
  } else if (source.href) {
    window.location.assign(source.href);
  }
}
document.addEventListener("htmx:responseError", fallBack);
