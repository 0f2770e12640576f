/** The few things that the panels need of the DOM. */

type Child = Node | string;

/** An element with attributes (`on…` names are not set: listeners are added where they are needed) and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes text only when it changed: layout is not touched otherwise. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * Keeps one child for each entry, in the order of the entries, making and removing as they come and go.
 * @param update called for every entry; must leave unchanged what is unchanged
 */
export function keyedChildren<T>(
  parent: HTMLElement,
  entries: readonly T[],
  keyOf: (entry: T) => string,
  make: (entry: T) => HTMLElement,
  update: (child: HTMLElement, entry: T) => void,
): void {
  const present = new Map(
    [...parent.children].map((child) => [(child as HTMLElement).dataset.key, child as HTMLElement]),
  );
  let before: Element | null = parent.firstElementChild;
  for (const entry of entries) {
    const key = keyOf(entry);
    let child = present.get(key);
    if (child === undefined) {
      child = make(entry);
      child.dataset.key = key;
    } else present.delete(key);
    if (child === before) before = before.nextElementSibling;
    else parent.insertBefore(child, before);
    update(child, entry);
  }
  for (const gone of present.values()) gone.remove();
}
