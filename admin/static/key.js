// Asks the browser for a security key (WebAuthn) and sends the key's answer with the form. Without this file no key can
// be asked, and the page says so.
"use strict";
(() => {
  const form = document.querySelector("form[data-key]");
  if (!form || !window.PublicKeyCredential) return;
  const { key: mode, options, answer, failed, known, site, elsewhere } = form.dataset;
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const opened = (each) => ({ ...each, id: bytes(each.id) });

  const ask = async () => {
    const asked = JSON.parse(options);
    const publicKey = { ...asked, challenge: bytes(asked.challenge) };
    for (const list of ["allowCredentials", "excludeCredentials"]) if (asked[list]) publicKey[list] = asked[list].map(opened);
    if (asked.user) publicKey.user = opened(asked.user);
    const { id, type, rawId, response } = await navigator.credentials[mode]({ publicKey });
    const parts = mode === "create" ? ["clientDataJSON", "attestationObject"] : ["clientDataJSON", "authenticatorData", "signature"];
    return { id, type, rawId: text(rawId), response: Object.fromEntries(parts.map((part) => [part, text(response[part])])) };
  };

  form.querySelector("[data-without]").hidden = true;
  if (location.origin !== site) {
    said.textContent = elsewhere;
    said.hidden = false;
    return;
  }
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.hidden = true;
    try {
      form.elements[answer].value = JSON.stringify(await ask());
      form.submit();
    } catch (problem) {
      said.textContent = problem.name === "InvalidStateError" ? known : failed;
      said.hidden = false;
      button.disabled = false;
    }
  });
})();
