using NUnit.Framework;

// Tests on a Fleet of their own go on beside each other, and wait for the most part. Those on the engine do not: each
// Deployster there would carry on what another one's test has begun, and the load tests need the machine.
[assembly: LevelOfParallelism(4)]
