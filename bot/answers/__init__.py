"""From a Directive to an Answer: the texts of the knowledge put together for one reply."""
