export default function Situation() { return <h1>Situation</h1>; }
