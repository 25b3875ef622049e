// Builds and updates parts of the page. Text always goes through text nodes, so nothing that a client sent becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** The element of the page with an id. */
export const byId = id => document.getElementById(id);

/** An element with attributes and children; a child may be a text. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** As el, for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Changes the text of an element only if it differs, so that a selection and a screen reader are left alone. */
export function setText(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

/** Sets an attribute only if it differs. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/**
 * Makes the children of an element those of a list. A child with the same key stays the same element, so that it keeps the focus.
 *
 * @param create makes the element of an item
 * @param update writes the item into its element
 */
export function keyed(container, items, key, create, update) {
  const existing = new Map([...container.children].map(child => [child.dataset.key, child]));
  let next = container.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = existing.get(name);
    if (child === undefined) {
      child = create(item);
      child.dataset.key = name;
    }
    existing.delete(name);
    if (child === next) {
      next = next.nextElementSibling;
    } else {
      container.insertBefore(child, next);
    }
    update(child, item);
  }
  existing.forEach(child => child.remove());
}
