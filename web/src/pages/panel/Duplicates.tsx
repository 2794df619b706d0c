export default function Duplicates() { return <h1>Duplicates</h1>; }
