"""The API under made-up requests, good and bad: never a fault, never an answer that its description does not know."""
