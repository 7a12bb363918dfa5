"""Whether vulnerable methods of Java's packages are reached: names in the constant pools of class files."""
