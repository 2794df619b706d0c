export default function Card() { return <h1>Card</h1>; }
