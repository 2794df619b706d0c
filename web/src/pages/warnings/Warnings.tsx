export default function Warnings() { return <h1>Warnings</h1>; }
