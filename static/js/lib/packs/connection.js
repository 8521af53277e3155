/** What leads elsewhere ([data-online]) is shown only while there is a connection. */
export function followConnection() {
  const show = () => {
    for (const part of document.querySelectorAll("[data-online]")) part.hidden = !navigator.onLine;
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
