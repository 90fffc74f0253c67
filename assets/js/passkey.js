// @ts-check
// Passkeys: the browser makes or shows one, and the form carries its answer.
// Without scripts, or in a browser that has none, the form stays hidden and
// other ways to sign in stand beside it.

/** @param {HTMLFormElement} form */
function offer(form) {
  const field = form.elements.namedItem("credential");
  const status = form.querySelector("[role=status]");
  if (!(field instanceof HTMLInputElement) || !status) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    status.textContent = "";
    try {
      field.value = JSON.stringify(await answer(form.dataset.passkey, form.dataset.begin ?? ""));
      form.submit();
    } catch {
      status.textContent = form.dataset.failed ?? "";
    }
  });
}

/** @param {string | undefined} what @param {string} begin */
async function answer(what, begin) {
  const response = await fetch(begin, { method: "POST" });
  if (!response.ok) throw new Error(String(response.status));
  const options = await response.json();
  const key = what === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  if (!(key instanceof PublicKeyCredential)) throw new Error("no passkey");
  return key.toJSON();
}

if ("PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (form instanceof HTMLFormElement) offer(form);
  }
}
