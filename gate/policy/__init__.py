"""What blocks: rules, waivers, and the decision."""
