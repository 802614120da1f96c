/** Under which the choice of colours is kept in this browser. */
export const storageKey = "threados.theme";
/** Says at the root of the page which colours were chosen; without it they are the system's. */
export const attribute = "data-theme";

/** Stands in the page itself and runs before anything is drawn, so that it never shows the other colours first. */
export const themeScript = `try{const t=localStorage.getItem("${storageKey}");if(t==="light"||t==="dark")document.documentElement.setAttribute("${attribute}",t)}catch{}`;
