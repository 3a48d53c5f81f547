namespace IdentityProvider.LoadBench;

/// <summary>One hot operation.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Floor">What the floor beside it is asked, one request after the other: as many as the operation has.</param>
/// <param name="Prepare">Makes what one caller needs at that server and gives the operation it repeats.</param>
/// <param name="Most">How often a caller can repeat it before it has to be prepared again.</param>
internal sealed record Scenario(string Name, IReadOnlyList<string> Floor, Func<Uri, Task<Func<Task>>> Prepare, int Most = int.MaxValue);
