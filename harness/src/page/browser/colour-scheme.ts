// Light or dark: follows the system until the reader chooses. Print is light and as wide as paper.
const STORED_AS = "report colour scheme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const listeners: (() => void)[] = [];
let chosen = storedChoice();
let isPrinting = false;

export function isDark(): boolean {
  if (isPrinting) return false;
  return chosen === null ? systemIsDark.matches : chosen === "dark";
}

export function isOnPaper(): boolean {
  return isPrinting;
}

export function toggleColourScheme(): void {
  chosen = isDark() ? "light" : "dark";
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // A page opened from a file may have no storage; then the choice lasts as long as the page.
  }
  apply();
}

export function onColourScheme(listener: () => void): void {
  listeners.push(listener);
}

export function printInLight(isNowPrinting: boolean): void {
  isPrinting = isNowPrinting;
  apply();
}

/** A colour of the current scheme, from the style sheet. */
export function ink(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function apply(): void {
  document.documentElement.dataset.scheme = isDark() ? "dark" : "light";
  document.documentElement.classList.toggle("paper", isPrinting);
  for (const listener of listeners) listener();
}

function storedChoice(): "light" | "dark" | null {
  try {
    const stored = localStorage.getItem(STORED_AS);
    return stored === "light" || stored === "dark" ? stored : null;
  } catch {
    return null;
  }
}

systemIsDark.addEventListener("change", apply);
