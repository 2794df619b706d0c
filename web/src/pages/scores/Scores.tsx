export default function Scores() { return <h1>Scores</h1>; }
