"""What models of lifetime share: maximum likelihood, and the functions their likelihoods are made of."""
