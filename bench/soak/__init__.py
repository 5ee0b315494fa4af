"""The soak: a real server, clients that misbehave, and bystanders who must not notice.

Each phase is one kind of misbehaviour, in a file of its own, with a bound that is either kept or
not; `plan` lists them. A phase gets a `trial.Trial`: it starts servers, watches them (`watch`),
puts bystanders beside them (`bystander`), and is told what to expect of both.
"""
