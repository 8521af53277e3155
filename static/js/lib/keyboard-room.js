/**
 * A keyboard on the glass covers what is fixed to the lower edge in browsers that do not shrink the page for it. How much
 * it covers stands in --keyboard, for the composer's sheet to stand on.
 */
export function standOnKeyboard(element) {
  const view = window.visualViewport;
  if (!view) return;
  const lift = () => {
    const covered = Math.max(0, Math.round(innerHeight - view.height - view.offsetTop));
    // A page that is zoomed in shows a part of itself; that is no keyboard.
    element.style.setProperty("--keyboard", view.scale > 1.05 ? "0px" : `${covered}px`);
  };
  view.addEventListener("resize", lift);
  view.addEventListener("scroll", lift);
}
