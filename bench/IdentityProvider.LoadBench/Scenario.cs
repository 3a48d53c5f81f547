namespace IdentityProvider.LoadBench;

/// <summary>One hot operation.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Floor">Path of the floor beside it.</param>
/// <param name="Prepare">Makes what one caller needs and gives the operation it repeats.</param>
internal sealed record Scenario(string Name, string Floor, Func<Task<Func<Task>>> Prepare);
