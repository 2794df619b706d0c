export default function Household() { return <h1>Household</h1>; }
