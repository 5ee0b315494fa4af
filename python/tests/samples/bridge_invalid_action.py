mask = env.action_mask(agent)
if mask is not None and not mask[action]:
    valid_actions = np.where(mask)[0]
    action = np.random.choice(valid_actions)
