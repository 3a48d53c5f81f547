namespace IdentityProvider.LoadBench;

/// <summary>Of one operation at one process.</summary>
/// <param name="PerSecond">Operations.</param>
/// <param name="Median">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Cpu">Seconds per 1,000 operations.</param>
internal sealed record Figures(double PerSecond, double Median, double P99, double Cpu);
