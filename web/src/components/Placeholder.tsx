/** Lines that stand where content will be, drawn by styles alone. */
export function Placeholder({ lines }: { lines: number }) {
  return (
    <div className="placeholder" aria-busy="true">
      {Array.from({ length: lines }, (_, n) => (
        <i key={n} />
      ))}
    </div>
  );
}
