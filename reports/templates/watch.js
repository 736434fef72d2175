"use strict";
// Runs first: whatever goes wrong in a script of this page is counted on the html element.
(() => {
  const root = document.documentElement;
  root.dataset.scriptErrors = "0";
  window.noteScriptError = (what) => {
    root.dataset.scriptErrors = String(Number(root.dataset.scriptErrors) + 1);
    root.dataset.scriptErrorText = (root.dataset.scriptErrorText || "") + String(what) + "\n";
  };
  window.addEventListener("error", (event) => window.noteScriptError(event.message));
  window.addEventListener("unhandledrejection", (event) => window.noteScriptError(event.reason));
})();
