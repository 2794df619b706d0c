/** Light or dark: asked for, or as the system has it. */
import { theme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';

const KEY = 'holdfast.theme';
const listeners = new Set<() => void>();

function read(): boolean {
  const kept = localStorage.getItem(KEY);
  return kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
let dark = read();
document.documentElement.dataset.theme = dark ? 'dark' : 'light';

export function setDark(it: boolean) {
  dark = it;
  localStorage.setItem(KEY, it ? 'dark' : 'light');
  document.documentElement.dataset.theme = it ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

export function useDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => dark,
  );
}

const FONT =
  "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

export function themed(isDark: boolean): ThemeConfig {
  return {
    // There is one version of the library on the page: its rules need no name of their own.
    hashed: false,
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: isDark ? '#6ea8fe' : '#1d5fb8',
      colorPrimaryHover: isDark ? '#9cc4ff' : '#174f9c',
      colorInfo: isDark ? '#6ea8fe' : '#1d5fb8',
      colorError: isDark ? '#ff8f9d' : '#b3122b',
      colorWarning: isDark ? '#f2b45f' : '#8a4b00',
      colorSuccess: isDark ? '#8fd3b6' : '#1a6b45',
      colorLink: isDark ? '#8dbbff' : '#1a56a8',
      colorLinkHover: isDark ? '#b5d3ff' : '#123f7c',
      colorLinkActive: isDark ? '#b5d3ff' : '#123f7c',
      colorTextSecondary: isDark ? '#b3bac4' : '#4a5360',
      colorTextTertiary: isDark ? '#a2aab5' : '#59626e',
      colorTextDescription: isDark ? '#a9b1bc' : '#55606c',
      colorTextPlaceholder: isDark ? '#8f98a3' : '#68717d',
      colorBgLayout: isDark ? '#0e1217' : '#f5f6f8',
      colorBgContainer: isDark ? '#161b22' : '#ffffff',
      colorBgElevated: isDark ? '#1c222b' : '#ffffff',
      colorBorder: isDark ? '#5b6673' : '#8b95a1',
      colorBorderSecondary: isDark ? '#2b323c' : '#e3e6ea',
      fontFamily: FONT,
      fontSize: 13,
      borderRadius: 4,
      controlHeight: 30,
      // A finger needs 24 pixels.
      controlHeightSM: 24,
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.12s',
    },
    components: {
      Table: { cellPaddingBlockSM: 5, cellPaddingInlineSM: 8, headerBg: 'transparent' },
      Segmented: { trackBg: isDark ? '#232a33' : '#e6e9ee' },
      Button: { primaryColor: isDark ? '#0b1320' : '#ffffff' },
    },
  };
}
