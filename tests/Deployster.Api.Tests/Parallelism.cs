// Most of the time goes by in waiting for processes and rollouts.
[assembly: Parallelizable(ParallelScope.Fixtures)]
