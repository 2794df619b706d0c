/** Milliseconds that a pointer rests on something before what lies behind it is asked for. */
const INTENT_MS = 50;
let timer: ReturnType<typeof setTimeout>;

/** Handlers of something that can be pressed: `ask` runs when somebody is about to. */
export function intent(ask: () => void) {
  return {
    onPointerEnter: () => {
      clearTimeout(timer);
      timer = setTimeout(ask, INTENT_MS);
    },
    onPointerLeave: () => clearTimeout(timer),
    onPointerDown: ask,
  };
}
