// Light or dark: the system's choice unless the reader takes another, which this browser then remembers.

const order = ["system", "light", "dark"] as const;
type Colours = (typeof order)[number];
const key = "lossc-studio-colours";

function stored(): Colours {
  try {
    return order.find((name) => name === localStorage.getItem(key)) ?? "system";
  } catch {
    return "system"; // storage is forbidden: the choice then lasts as long as the page
  }
}

export const colours = $state({ chosen: stored() });
apply();

export function nextColours(): void {
  colours.chosen = order[(order.indexOf(colours.chosen) + 1) % order.length];
  apply();
  try {
    localStorage.setItem(key, colours.chosen);
  } catch {
    // as above
  }
}

function apply(): void {
  document.documentElement.dataset.colours = colours.chosen;
}
