namespace DeviceCli;

/// <summary>The message is for the person at the terminal, and says what to do.</summary>
internal sealed class CliException(string message) : Exception(message);
