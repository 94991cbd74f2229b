/* alscare: focus, keys and small states. Every flow also works without this file.
   Words come from data attributes of the page, so that they are translated there. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = document.body.dataset;
  const drawer = $("#drawer");
  const keys = $("#keys");
  if (!drawer) return; // a plain sheet: sign-in, something went wrong

  const announce = (text) => { const place = $("#announce"); place.textContent = ""; place.textContent = text; };

  /* Menus: one open at a time. ------------------------------------------------------- */
  const closeMenus = (except) => all("details.al-menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    const menu = event.target.closest("details.al-menu");
    closeMenus(event.target.closest(".al-menu-list :is(a, button)") ? null : menu);
    if (event.target.closest("[data-print]")) window.print();
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".al-message").remove();
    if (event.target.closest("[data-close]") || event.target === drawer) closeDrawer(event);
    if (event.target.closest("[data-cancel]")) closeForm(event.target.closest(".al-form"), event);
    const opener = event.target.closest("[data-opens]");
    if (opener) openRow(opener, event);
  });
  const showScripted = (root) => all("[data-dismiss][hidden], [data-print][hidden]", root).forEach((button) => { button.hidden = false; });
  showScripted(document);

  /* Forms in place. ------------------------------------------------------------------ */
  const dirty = (form) => all("input, select, textarea", form).some((field) => (
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT" ? all("option", field).some((o) => o.selected !== o.defaultSelected)
        : field.type !== "hidden" && field.value !== field.defaultValue));
  const closeForm = (form, event) => {
    const item = form && form.closest(".al-item");
    if (!item) return;
    if (event) event.preventDefault();
    const verb = $(".al-do", item) || $("a, summary", item);
    form.remove();
    if (verb) verb.focus();
  };
  const focusForm = (form) => {
    const errors = $(".al-errors, .al-notice[role=alert]", form);
    if (errors) { errors.focus(); return; }
    const fields = all("input:not([type=hidden]), select, textarea", form);
    const empty = fields.find((field) => field.type !== "radio" && field.type !== "checkbox" && !field.value);
    const first = $("[autofocus]", form) || empty || fields[0];
    if (first) first.focus();
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("[data-form]")) {
      const begun = all(".al-form", event.detail.elt.closest(".al-item")).find(dirty);
      if (begun) { // what was typed stays until it is saved or cancelled
        event.preventDefault();
        focusForm(begun);
        return;
      }
      all(".al-item .al-form").forEach((form) => { if (!dirty(form)) form.remove(); });
    }
    saving(event.detail.elt);
  });

  /* After 400 ms without an answer the button says so. -------------------------------- */
  const saving = (form) => {
    const button = form.matches("form") && $("button[type=submit]", form);
    if (!button) return;
    form.alWait = setTimeout(() => {
      button.alLabel = button.innerHTML;
      button.style.minWidth = `${button.offsetWidth}px`;
      button.textContent = words.saving;
      button.setAttribute("aria-disabled", "true");
    }, 400);
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    clearTimeout(form.alWait);
    const button = form.matches("form") && $("button[aria-disabled]", form);
    if (button && button.alLabel) {
      button.innerHTML = button.alLabel;
      button.removeAttribute("aria-disabled");
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[aria-disabled=true]")) event.preventDefault();
  });

  /* What came in. --------------------------------------------------------------------- */
  // The focus moves as the form appears: a moment later somebody may be typing in it.
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.elt;
    if (target === drawer || drawer.contains(target)) return;
    const form = target.matches(".al-form") ? target : $(".al-form", target);
    if (form && event.detail.requestConfig && !event.detail.requestConfig.elt.closest(".al-form .al-computed")) focusForm(form);
    if (target.matches("[data-logged]")) target.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.elt;
    if (target === drawer || drawer.contains(target)) return openDrawer(event.detail.requestConfig);
    showScripted(document);
    const said = target.matches("[data-announce]") ? target : $("[data-announce]", target);
    if (said) { announce(said.dataset.announce); said.removeAttribute("data-announce"); }
    ticks();
  });
  const failed = () => {
    const notice = $("#not-saved");
    if (notice) $("#notices").replaceChildren(notice.content.cloneNode(true));
    showScripted($("#notices"));
  };
  document.addEventListener("htmx:sendError", (event) => { if (event.detail.elt.matches("form, [data-form]")) failed(); });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 403 || event.detail.xhr.status === 401) location.reload();
    else if (event.detail.elt.matches("form, [data-form]")) failed();
  });

  /* The drawer: why. ------------------------------------------------------------------ */
  let cause = null;
  const openDrawer = (request) => {
    cause = request ? request.elt : null;
    if (!drawer.open) drawer.showModal();
    drawer.scrollTop = 0;
    const row = cause && cause.closest(".al-item");
    if (row) mark(row);
  };
  const closeDrawer = (event) => {
    if (event) event.preventDefault();
    if (drawer.open) drawer.close();
  };
  drawer.addEventListener("close", () => { if (cause && cause.isConnected) cause.focus(); });
  const openRow = (opener, event) => {
    const row = document.getElementById(opener.dataset.opens);
    const verb = row && $(".al-do[data-form]", row);
    if (!verb) return;
    event.preventDefault();
    cause = null;
    closeDrawer();
    verb.click();
  };

  /* Bulk bar: shown with the first tick. ----------------------------------------------- */
  const ticks = () => {
    const bar = $(".al-bulk");
    if (!bar) return;
    const count = all(".al-tick input:checked").length;
    bar.hidden = count === 0;
    const text = $("[data-selected]", bar);
    if (text) text.textContent = text.dataset.selected.replace("0", count);
  };
  document.addEventListener("change", (event) => { if (event.target.closest(".al-tick")) ticks(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear-ticks]")) return;
    event.preventDefault();
    all(".al-tick input:checked").forEach((box) => { box.checked = false; });
    ticks();
  });
  ticks();

  /* Keys. ------------------------------------------------------------------------------ */
  const keysOff = () => localStorage.getItem("alscare-keys") === "off";
  const offBox = $("[data-keys-off]");
  if (offBox) {
    offBox.checked = keysOff();
    offBox.addEventListener("change", () => localStorage.setItem("alscare-keys", offBox.checked ? "off" : "on"));
  }
  const mark = (row) => {
    all(".al-current").forEach((other) => other.classList.remove("al-current"));
    row.classList.add("al-current");
  };
  const current = () => document.activeElement.closest("[data-row]") || $("[data-row].al-current");
  const move = (step) => {
    const rows = all("[data-row]");
    const at = rows.indexOf(current());
    const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))] || rows[0];
    if (!row) return;
    mark(row);
    ($(".al-do", row) || $("a, summary", row)).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => { const found = current() && $(selector, current()); if (found) found.click(); };
  const shortcuts = {
    j: () => move(1), k: () => move(-1), l: () => press(".al-do"), w: () => press(".al-why"),
    a: () => press("[data-key=a]"), x: () => press(".al-tick input"),
    "/": () => $("#search") && $("#search").focus(), "?": () => keys.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = $("details.al-menu[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); event.preventDefault(); return; }
      if (!$("dialog[open]")) closeForm(document.activeElement.closest(".al-form"), event);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || $("dialog[open]")) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const shortcut = shortcuts[event.key.toLowerCase()];
    if (shortcut) { event.preventDefault(); shortcut(); }
  });
})();
