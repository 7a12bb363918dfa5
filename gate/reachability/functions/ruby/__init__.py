"""Whether vulnerable methods of gems are reached: calls and names in the syntax trees of Ruby's sources."""
